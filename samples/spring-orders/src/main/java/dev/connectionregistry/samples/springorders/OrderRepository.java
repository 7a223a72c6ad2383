package dev.connectionregistry.samples.springorders;

import java.util.UUID;
import org.springframework.data.jpa.repository.JpaRepository;

interface OrderRepository extends JpaRepository<PlacedOrder, UUID> {}
